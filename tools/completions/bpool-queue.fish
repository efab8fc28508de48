# SPDX-License-Identifier: MIT
# fish: complete bpool-queue, as bpool.fish does bpool.
command -q bpool-queue
or return
functions -q __bpool_complete
or source (status dirname)/bpool.fish

function __bpool_queue_is
    test (string join ' ' -- (commandline -opc)) = "$argv"
end

set -l words (bpool-queue --help 2>/dev/null |
    string match -rg -- 'bpool-queue ([a-z]+(?: [a-z]+)?) +--stream')
for word in $words
    set -l parts (string split ' ' -- $word)
    complete -c bpool-queue -x -n '__bpool_queue_is bpool-queue' -a $parts[1]
    if set -q parts[2]
        complete -c bpool-queue -x -n "__bpool_queue_is bpool-queue $parts[1]" -a $parts[2]
    end
    __bpool_complete bpool-queue bpool-queue $parts
end
complete -c bpool-queue -l help -n '__bpool_queue_is bpool-queue' -d 'show what there is'
complete -c bpool-queue -l version -n '__bpool_queue_is bpool-queue' -d 'show the version'
complete -c bpool-queue -x -n '__fish_seen_subcommand_from work' -a '(__bpool_subcommand bpool-queue work)'
