"""What a crowd thinks of many short statements: what it shares, and where it differs.

After Polis: C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw, C. Megill, Polis: scaling deliberation by
mapping high dimensional opinion spaces, Recerca 26(2) (2021). Every result is a function of the set
of votes alone, and the same on every machine, as long as people and statements are numbered in an
order that follows from them, such as that of their ids. Sums are of whole numbers that a double
holds exactly, in whatever order a processor adds them up; all else is done number by number.
"""
