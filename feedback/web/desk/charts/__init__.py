"""Pictures of figures as SVG drawn by the server: no script, no style attribute, readable from 360 px and on paper."""
