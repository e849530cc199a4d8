-- The entries of a tenant are counted in the order of commits, 1..n, as those of a session are: for the scope of a tenant, `first` in
-- entry_index is such a count, and no longer a pos. The index is made anew from the log when the file is opened.

DELETE FROM entry_index;
UPDATE meta SET value = 0 WHERE name = 'indexed_pos';
