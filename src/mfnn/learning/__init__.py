"""What is learned and how: activations, data laws, initial laws, observables, problems, protocols, scenarios."""
