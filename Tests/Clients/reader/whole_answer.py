from client import ask


def test_the_answer_is_whole():
    assert ask("text: How does a tape deck keep its speed?").endswith("just as the sound is.")
