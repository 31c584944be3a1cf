"""The damage mask over the photo: shown, painted with brush and eraser, saved and loaded. sheet, brush and stroke know no Qt."""
