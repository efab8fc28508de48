#!/bin/sh
# SPDX-License-Identifier: MIT
# -j auto has all of 200 requests served by a server that takes five at a time,
# with few refusals.
exec "$SRC/docs/examples/http/run.sh" auto
