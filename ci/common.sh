# shellcheck shell=bash
# What the scripts here start with: strict mode, --help (the head of the script), Debian's own tools first on PATH, the root of the tree as
# working folder.
set -euo pipefail
case ${1-} in -h | --help) sed -n '2,${/^#/!q;s/^# \{0,1\}//p}' "$0" && exit 0 ;; esac
export PATH=/usr/bin:/bin:$PATH
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
jobs=$(nproc)
export root jobs

# Fails, and shows it, if anything comes in.
none() {
    local found
    found=$(cat)
    [ -z "$found" ] || { printf '%s\n' "$found" && return 1; }
}
