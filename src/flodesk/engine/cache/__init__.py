"""Values that outlive the process: results of pure nodes by what went into them, and the last values of a flow."""
