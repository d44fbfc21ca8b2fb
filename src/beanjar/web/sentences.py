"""Sentences that other rooms make in English, and that people meet on pages.

Their rooms know no languages, and programs read them as they are. A page knows them again by their
words, see `beanjar.web.language.Speaker.retell`, and says them in its own language. Any other is
shown in English.
"""

SENTENCES = (
    # what is not there, or not possible
    "Nothing is at this address. Whoever gave it to you may have cut a part of it off.",
    "This address is there, but not for that.",
    (
        "This address is not whole: an id in it has 64 digits from 0 to 9 and a to f. Copy "
        "all of the link."
    ),
    "This node does not carry that space.",
    "This node does not know what “%(tool)s” is. A newer version may.",
    "What has this address is not among “%(list)s”.",
    (
        "Nothing here has this address. It may not have arrived yet: try again later, or ask "
        "whoever gave it to you."
    ),
    "This question names witnesses in a way that can never agree.",
    "The first entry of this space has not arrived yet. Try again later.",
    "No answer that is here has this id. It may not have arrived yet.",
    "Whom this question counts is not known yet: it is not open.",
    "What names this file is not here, or not any more.",
    "This entry is not here. It may not have arrived yet.",
    "Nobody here has this address. Who has it may not have arrived yet.",
    "This node does not go by the name “%(host)s”. Whoever keeps it can start it with that name.",
    (
        "The example could not be finished. Try again: a new one is made, and what was begun stays "
        "here, marked as an example."
    ),
    "This node has no example to show.",
    "Something in this program went wrong; its log says what. Trying again may help.",
    # what a node does not let in
    (
        "This node carries this space no further: it takes as much of its disk as its keeper "
        "allows. Hand this in at another node, or ask the keeper for more room."
    ),
    "Only who founded a space can ask this node to witness in it.",
    "The person named here did not say that this device is theirs.",
    "This space lets people in by invitation. Ask a member for a link.",
    "This invitation has run out. Ask whoever gave it to you for a new one.",
    "This invitation does not lead back to the founder of the space.",
    "You were invited by too long a chain. Ask someone nearer the founder.",
    "This message was changed on the way, or somebody else signed it. It was not let in.",
    (
        "This device's log has two different entries at place %(place)s. Nothing that it says"
        " from there on counts. Go on with a new device."
    ),
    "This is too long: %(size)s bytes, and %(most)s fit. Shorten it.",
    (
        "This device has sent %(limit)s entries within an hour, as many as are taken here. "
        "Try again in %(minutes)s min, or at another node."
    ),
    (
        "Your network address has sent %(limit)s entries within an hour, as many as are taken"
        " here. Try again in %(minutes)s min, or at another node."
    ),
    (
        "Your device's clock is ahead of this node's, and too much is waiting for its time "
        "here already. Set your clock, or send it again later."
    ),
    "This node does not have the first entry of this space, so it cannot judge.",
    # why a question has no result, or a figure no value
    "The asker's device was lost or copied before this was settled, so there is no result.",
    (
        "The witnesses signed two different closings. More of them failed than this question "
        "allows, so there is no result."
    ),
    "An entry has not arrived yet, so nothing is counted.",
    "%(count)s entries have not arrived yet, so nothing is counted.",
    "Nobody has answered, so there is no figure. Wait for a first answer.",
    "Nobody has said what they expect of the others. Wait for the first who does.",
    "A knowledge-weighted estimate needs five people, and there are %(people)s.",
    (
        "A geometric mean needs values above zero, and the lowest here is %(lowest)s. Use the"
        " mean or the median."
    ),
    # who has not said a name
    "someone (%(key)s)",
    "somebody (%(key)s)",
)
