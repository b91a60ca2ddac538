"""What somebody answers when a page asks whether it may send messages."""

from server.wechat.sandbox.model import Account, State
from server.wechat.sandbox.phones import save

ACCEPT = "accept"
ANSWERS = {ACCEPT, "reject"}


def owner_of(state: State, template_id: str) -> Account:
    """The account that a template belongs to; raises KeyError."""
    for account in state.accounts.values():
        if template_id in account.templates:
            return account
    raise KeyError(template_id)


def say(state: State, openid: str, template_id: str, *, said: str) -> int:
    """Answer about a template; accepting allows one message more, and the answer is pushed. Raises KeyError."""
    owner = owner_of(state, template_id)
    if state.person(owner.appid, openid) is None:
        raise KeyError(openid)
    state.quota[openid, template_id] += said == ACCEPT
    save(state)
    item = {"TemplateId": template_id, "SubscribeStatusString": said, "PopupScene": "2"}
    state.outgoing.append(
        {
            "ToUserName": f"gh_{owner.appid[2:14]}",
            "FromUserName": openid,
            "MsgType": "event",
            "Event": "subscribe_msg_popup_event",
            "SubscribeMsgPopupEvent": {"List": [item]},
        }
    )
    return state.quota[openid, template_id]
