"""The strip of photos at the left: a model over the queue, a delegate that paints one, the list itself, its thumbnails."""
