# SPDX-License-Identifier: MIT
# As a program with the rights of another user or group, bpool runs nothing.
set -eu
if [ "$(id -u)" -ne 0 ]; then
	echo 'skipped: cannot be another user'
	exit 77
fi
cp "$BPOOL" user
cp "$BPOOL" group
chown 65534 user
chgrp 65534 group
chmod u+s user
chmod g+s group
echo 'id -u; id -g' >lines
for file in user group; do
	# Where set-user-ID does nothing there is nothing to refuse.
	if [ "$(cp "$(command -v id)" id-$file && chown --reference=$file id-$file &&
		chmod --reference=$file id-$file &&
		./id-$file -u && ./id-$file -g)" = "$(id -u && id -g)" ]; then
		echo 'skipped: no other user to be'
		exit 77
	fi
	status=0
	"./$file" -j1 <lines >out 2>err || status=$?
	[ $status = 1 ]
	[ ! -s out ]
	grep -q "^$file: does not run set-user-ID or set-group-ID" err
	chmod u-s,g-s $file
	"./$file" -j1 <lines >out
	[ "$(cat out)" = "$(id -u && id -g)" ]
done
