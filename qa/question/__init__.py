"""From a question's words to a Plan. A question is read here and nowhere else."""
