"""Drawing a panel by lot: with quotas, as fairly as they allow, so that anyone can repeat it."""
