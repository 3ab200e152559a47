"""The nouns, the ports and the judgement: standard library only."""
