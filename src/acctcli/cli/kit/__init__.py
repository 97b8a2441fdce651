"""How functions become commands: options, help, completion, forms, questions."""
