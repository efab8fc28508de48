#!/bin/sh
# SPDX-License-Identifier: MIT
# A server that takes five at a time refuses none of 200 requests by the
# command at five at a time, and some at sixty-four.
exec "$SRC/docs/examples/http/run.sh" command
