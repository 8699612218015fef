#!/bin/sh
# Cuts a clip into files of so many seconds, without decoding it. It must have pictures that stand for themselves there.
set -eu
ffmpeg -v error -nostdin -i "$WATTLOOP_INPUTS/clip.bin" -c copy -f segment -segment_time "$1" -segment_format matroska \
  -reset_timestamps 1 "$WATTLOOP_OUTPUTS/%05d.mkv" >&2
find "$WATTLOOP_OUTPUTS" -type f | wc -l >"$WATTLOOP_WORK"
