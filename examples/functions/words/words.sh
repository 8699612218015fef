#!/bin/sh
# The ten most frequent words of the text that it is sent, the most frequent first.
tr -cs '[:alpha:]' '\n' | tr '[:upper:]' '[:lower:]' | grep . | sort | uniq -c | sort -k1,1nr -k2 | head -n 10
