"""Paper: a layout in millimetres, drawn alike as PDF, PNG and SVG."""
