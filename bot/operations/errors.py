"""What can keep the system from being built or run; each message is one line that says what to do."""

from bot.errors import ZhangguiError


class OperationsError(ZhangguiError):
    """Something around the processes is not as it must be."""

    code = "operations"


class MissingEnvironmentError(OperationsError):
    """One of the two Python environments has not been made."""

    code = "missing_environment"


class PortTakenError(OperationsError):
    """Another program listens where one of ours should."""

    code = "port_taken"


class TrainingFailedError(OperationsError):
    """Rasa could not train; an older model, if any, is still in place."""

    code = "training_failed"


class ProcessFailedError(OperationsError):
    """A process does not come up, or keeps stopping."""

    code = "process_failed"
