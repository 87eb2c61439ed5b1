"""Commands as administrators give them."""

WHO = ("--as", "王操作", "--reason", "测试")


def refused(result):
    """Return what a command said that was refused with one line."""
    assert result.exit_code == 1, result.output
    assert result.stderr.startswith("Error: "), result.output
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr
