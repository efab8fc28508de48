# SPDX-License-Identifier: MIT
# fish: complete bpool.  Its own --help says what options there are, so what is
# installed is what is completed; bpool-queue.fish uses the functions.

# What may stand for the argument that the help calls so.
function __bpool_values
    switch $argv[1]
        case '*WHEN*'
            echo auto always never
        case '*STYLE*'
            echo pipe fifo
        case '*HALT*'
            echo now,fail=1 soon,fail=1 now,success=1 now,done=50%
        case '*BUDGET*'
            echo 10+20% none
        case '*RATE*'
            echo 10/s 100/m 100/m:20
        case '*TIME*'
            echo 300ms 10s 2m 1h
        case '*DIR*'
            echo '(__fish_complete_directories)'
    end
end

# Each option of the help of the words $argv[2..], for the command $argv[1] where
# $argv[2..] were typed.
function __bpool_complete
    set -l condition '__bpool_before_command '(string escape -- $argv[2..] | string join ' ')
    for line in ($argv[2..] --help 2>/dev/null)
        string match -rq -- '^ +(?:-(?<short>.), )?--(?<long>[a-z-]+)(?<optional>\[)?(?:=(?<argument>[A-Z.=]+))?\]? +(?<text>.*)' $line
        or continue
        set -l what -c $argv[1] -n "$condition" -l $long -d "$text"
        test -z "$short"
        or set -a what -s $short
        if test -n "$argument" -a -z "$optional"
            set -a what -r
            string match -qr 'FILE|PATH' -- $argument
            or set -a what -f
            set -l values (__bpool_values $argument)
            test -z "$values"
            or set -a what -a "$values"
        end
        complete $what
    end
end

# The words behind those of $argv and the options: a command, one a line.
function __bpool_command
    set -l words (commandline -opc)
    set -l takes ($argv --help 2>/dev/null | string match -r -- '^ +(?:-., )?--[a-z-]+=' |
        string match -ra -- '-[a-zA-Z0-9]\b|--[a-z-]+')
    set -e words[1..(count $argv)]
    while set -q words[1]
        switch $words[1]
            case --
                set -e words[1]
                break
            case '-*'
                if contains -- $words[1] $takes
                    set -e words[1]
                end
                set -e words[1]
            case '*'
                break
        end
    end
    printf '%s\n' $words
end

function __bpool_before_command
    set -l words (commandline -opc)
    test (string join ' ' -- $words[1..(count $argv)]) = "$argv"
    and not contains -- -- $words
    and test -z (__bpool_command $argv | string collect)
end

# What the command that is run completes to.
function __bpool_subcommand
    set -l words (__bpool_command $argv | string match -v '') (commandline -ct)
    set -l line (string join ' ' -- $words)
    # An option of what runs it.
    if not string match -q -- '-*' $line
        complete -C"$line"
    end
end

__bpool_complete bpool bpool
complete -c bpool -x -a '(__bpool_subcommand bpool)'
