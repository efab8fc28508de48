#!/bin/sh
# SPDX-License-Identifier: MIT
# A server that takes five at a time refuses none of 200 requests by the
# library at five at a time, and some at sixty-four.
exec "$SRC/docs/examples/http/run.sh" library
