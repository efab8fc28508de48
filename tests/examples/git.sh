#!/bin/sh
# SPDX-License-Identifier: MIT
# The git example: 100 repositories fetched five at a time, by the library
# and by the command, and every one has its new commit.
exec "$SRC/docs/examples/git/run.sh"
