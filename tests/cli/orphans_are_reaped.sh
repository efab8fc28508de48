# SPDX-License-Identifier: MIT
# What jobs leave behind becomes bpool's child, and no zombie when it ends.
set -eu
mkfifo lines
"$BPOOL" -j1 <lines >out &
exec 3>lines
echo '(sh -c "echo \$\$ >left.pid; exec sleep 0.01" &) ; until [ -s left.pid ]; do sleep 0.01; done' >&3
until [ -s left.pid ]; do sleep 0.01; done
until [ ! -e /proc/"$(cat left.pid)" ]; do
	echo true >&3
	sleep 0.05
done
exec 3>&-
wait $!
