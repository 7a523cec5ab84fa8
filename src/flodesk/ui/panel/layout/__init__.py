"""How views lie on the panel: the snap grid, the board with its cards, the hand that arranges them."""
