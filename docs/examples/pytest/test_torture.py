import tapedeck
from client import claude
from test_client import QUESTION


@tapedeck.cases("cassettes/test_client-test_claude_answers.tape", case="cut/end/*")
def test_no_part_is_taken_for_the_whole(case):
    case.check(lambda base_url: claude(QUESTION, base_url))
