#!/bin/sh
# SPDX-License-Identifier: MIT
# The http example: a server that takes five at a time refuses none of 200
# requests from five workers, and some of those from sixty-four.
exec "$SRC/docs/examples/http/run.sh"
