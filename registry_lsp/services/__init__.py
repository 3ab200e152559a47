"""Services that know more of a package than its registry does; none knows an ecosystem's rules."""
