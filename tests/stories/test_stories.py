import pytest

from tests.stories.story import Story, fits, stories
from tests.stories.talk import Talk


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
async def test_story(talk: Talk, story: Story) -> None:
    if story.customer is not None:
        await talk.sign_in(story.customer)
    for turn in story.turns:
        answers = await talk.say(turn.said)
        as_expected = len(answers) == len(turn.answers) and all(map(fits, turn.answers, answers))
        assert as_expected, f"to “{turn.said}”:\n" + "\n".join(answers) + "\n\nexpected:\n" + "\n".join(turn.answers)
        assert await talk.reason() == turn.reason, turn.said
