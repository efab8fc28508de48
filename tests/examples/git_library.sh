#!/bin/sh
# SPDX-License-Identifier: MIT
# 100 repositories fetched five at a time by the library, and each has its new
# commit.
exec "$SRC/docs/examples/git/run.sh" library
