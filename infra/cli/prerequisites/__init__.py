"""What one needs to work with stacks: asked here, judged apart."""
