#!/usr/bin/env bash
# The same report by qizhen, Typst (in process), WeasyPrint and Chromium: time, pages, size, peak memory.
#
#   benches/peers.sh [ASSESSMENT] [STANDARD]
#
# Builds benches/peers (Typst takes some minutes). WeasyPrint and Chromium get the HTML that qizhen writes and are left out
# where they are not installed. qizhen and Typst are timed warm and in process: qizhen from the text of the answers to the
# sealed bytes, Typst from the diagnosis to the bytes; the others as whole processes, for that is how they are run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
example=${1:-examples/chlor-alkali.assessment.yaml}
standard=${2-equipment-efficiency-2024}
rounds=30
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --locked --manifest-path benches/peers/Cargo.toml --target-dir target/peers
peers=target/peers/release/qizhen-peers
export QIZHEN_ONLY=$standard

cargo bench --locked --bench many -- "$example" "$standard"
"$peers" typst "$example" "$rounds"
"$peers" html "$example" "$work/report.html"

# process NAME COMMAND…: median of five runs, pages and size of out.pdf, peak memory.
process() {
  local name=$1 times=()
  shift
  "$@" >/dev/null 2>&1
  for _ in 1 2 3 4 5; do
    times+=("$(/usr/bin/time -f '%e %M' "$@" 2>&1 >/dev/null | tail -1)")
  done
  local median peak
  median=$(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p | cut -d' ' -f1)
  peak=$(printf '%s\n' "${times[@]}" | sort -k2 -n | tail -1 | cut -d' ' -f2)
  printf '%s\tpages %s\tmedian %.0f ms\tsize %d KB\tpeak %d MB\n' "$name" "$(pdfinfo "$work/out.pdf" | sed -n 's/^Pages: *//p')" \
    "$(echo "$median * 1000" | bc)" "$(($(stat -c %s "$work/out.pdf") / 1024))" "$((peak / 1024))"
}
if command -v weasyprint >/dev/null; then
  process WeasyPrint weasyprint -q "$work/report.html" "$work/out.pdf"
fi
if command -v chromium >/dev/null; then
  process Chromium chromium --headless --no-sandbox --disable-gpu --disable-background-networking \
    --no-pdf-header-footer --print-to-pdf="$work/out.pdf" "file://$work/report.html"
fi
