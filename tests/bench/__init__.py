"""`make bench`: ratios against peers, each pair measured in one run on one machine. No number here decides a test."""
