"""The window: engine + PySide6. Never torch, training or onnxruntime; nobody imports this package but its own tests."""
