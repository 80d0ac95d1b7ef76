"""Where does each row go when data is split? Pure arithmetic on units, shares and times.

Read `placement` first. `split_units` says which rows belong together and are never divided,
`strata` what the shares are held for, `time_cut` splits by time.
"""
