# shellcheck shell=bash
# What the scripts here start with: strict mode, Debian's own tools first on PATH, the root of the tree as working folder.
set -euo pipefail
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
