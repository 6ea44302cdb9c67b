"""Why a bootstrap does not go on."""


class BootstrapRefused(Exception):  # noqa: N818  # reads as the sentence that it is
    """The account is in a state that a person must decide about; the text says what and how."""
