"""How replicas agree: state machines that are told what happened and the time, and do no I/O."""
