"""The door: what a node shows to browsers and takes from them. It knows tools by their pages."""
