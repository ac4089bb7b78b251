#!/usr/bin/env bash
# Draws the galleries in docs/gallery/: every page of every template, and one report beside the same document set by others.
#
# Needs poppler-utils and imagemagick; for the page of comparison also weasyprint and benches/peers (both left out without).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
example=examples/pump-maker.assessment.yaml
out=docs/gallery
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --locked
qizhen=target/release/qizhen

# sheet NAME COLUMNS FILES…: pages side by side, few colours, for a page on the web.
sheet() {
  local name=$1 columns=$2
  shift 2
  montage "$@" -tile "${columns}x" -geometry +6+6 -background '#c9d1d4' "$work/sheet.png"
  convert "$work/sheet.png" -dither None -colors 48 -define png:compression-level=9 -strip "$out/$name.png"
  echo "$out/$name.png"
}

for template in standard onsite client brief; do
  "$qizhen" diagnose "$example" --template "$template" -o "$work/$template.pdf" 2>/dev/null
  # Two pages can be larger than thirty.
  resolution=34 columns=8
  if [ "$template" = brief ]; then resolution=70 columns=2; fi
  pdftoppm -png -r "$resolution" "$work/$template.pdf" "$work/$template"
  sheet "$template" "$columns" "$work/$template"-*.png
done

peers=target/peers/release/qizhen-peers
if [ -x "$peers" ] && command -v weasyprint >/dev/null; then
  cp "$work/standard.pdf" "$work/qizhen.pdf"
  "$peers" typst "$example" 1 "$work/typst.pdf" >/dev/null
  "$peers" html "$example" "$work/report.html"
  weasyprint -q "$work/report.html" "$work/weasyprint.pdf"
  for page in 1 3 5; do
    for tool in qizhen typst weasyprint; do
      pdftoppm -png -r 50 -f "$page" -l "$page" -singlefile "$work/$tool.pdf" "$work/peer-$page-$tool"
    done
  done
  sheet peers 3 "$work"/peer-{1,3,5}-{qizhen,typst,weasyprint}.png
else
  echo "no page of comparison: build benches/peers (see benches/peers.sh) and install weasyprint" >&2
fi
