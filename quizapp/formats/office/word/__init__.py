"""Word documents, read part by part: WordprocessingML as ECMA-376 describes it."""
