"""The controls of the panel: widgets that set a literal of the flow."""
