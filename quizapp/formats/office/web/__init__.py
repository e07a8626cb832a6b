"""Web pages as people save them: their main part is found, the frame around it left out."""
