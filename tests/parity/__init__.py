"""actlib beside PyTorch, JAX and Keras."""
