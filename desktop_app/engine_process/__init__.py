"""The only processes and threads of the window: the engine's child, its pipe, its pictures, and the thread for sliders.

`protocol`, `shared` and `worker` run in the child as well and import no Qt; `client` and `background` are the window's side.
"""
