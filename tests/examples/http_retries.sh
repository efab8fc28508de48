#!/bin/sh
# SPDX-License-Identifier: MIT
# Sixty-four at a time, a server that takes five serves all of 200 requests, for
# those that it refuses wait and come again.
exec "$SRC/docs/examples/http/run.sh" retries
