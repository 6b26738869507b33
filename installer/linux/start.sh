#!/bin/sh
# Starts OMM Desktop from the folder it was unpacked into.
set -eu
needed="@GLIBC@"
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
found=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d ' ' -f 2)
oldest=$(printf '%s\n%s\n' "$needed" "${found:-0}" | sort -V | head -n 1)
if [ "$oldest" != "$needed" ]; then
    case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
        fr*) echo "OMM Desktop demande un système plus récent (glibc $needed ; ici : ${found:-une autre bibliothèque})." >&2 ;;
        *) echo "OMM Desktop needs a newer system (glibc $needed; here: ${found:-another library})." >&2 ;;
    esac
    exit 1
fi
exec "$here/program/omm-desktop" "$@"
