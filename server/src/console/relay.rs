//! SMTP providers.

use posthouse::ids::RelayId;
use posthouse::model::address::Mailbox;
use posthouse::model::organization::Role;
use posthouse::model::relay::{RelayLimits, RelaySecurity, RelaySender, RelayStanding};
use posthouse::ops::relays::{NewRelay, RelayChange, RelayUse};
use posthouse::outside::tls::{TlsFacts, Verdict};

use super::call::Call;
use super::convert::{lifted, time};
use super::trouble::{Outcome, Trouble};
use super::wire::{
    ById, Done, Nothing, RelayMake, RelayOrder, RelayRow, RelaySet, RelayTested, Rows, Security,
};

fn row(from: RelayUse) -> RelayRow {
    let relay = from.relay;
    RelayRow {
        id: relay.id.0,
        name: relay.name,
        host: relay.host,
        port: relay.port,
        security: match relay.security {
            RelaySecurity::Plain => Security::Plain,
            RelaySecurity::StartTls => Security::Starttls,
            RelaySecurity::Tls => Security::Tls,
        },
        user: relay.user,
        first: relay.standing == RelayStanding::Default,
        hourly: relay.limits.hourly,
        daily: relay.limits.daily,
        this_hour: from.this_hour,
        today: from.today,
        sender: relay.sender.map(|sender| match sender.name {
            Some(name) => format!("{name} <{}>", sender.email),
            None => sender.email,
        }),
        created_at: time(relay.created_at),
    }
}

fn sender(text: &str) -> Outcome<RelaySender> {
    let parsed = Mailbox::parse(text);
    let parsed = parsed.map_err(|_| Trouble::Field("sender", "is no address".into()))?;
    Ok(RelaySender {
        email: parsed.address.to_string(),
        name: parsed.name,
    })
}

async fn one(call: &Call, id: RelayId) -> Outcome<RelayRow> {
    let all = call.engine.relays(call.caller(Role::Owner)?).await?;
    let found = all.into_iter().find(|one| one.relay.id == id);
    let missing = posthouse::Error::Missing(posthouse::error::Missing::Relay);
    Ok(row(found.ok_or(missing)?))
}

/// In the order in which they are tried.
pub async fn list(call: Call, _: Nothing) -> Outcome<Rows<RelayRow>> {
    let all = call.engine.relays(call.caller(Role::Reader)?).await?;
    Ok(Rows {
        rows: all.into_iter().map(row).collect(),
    })
}

pub async fn make(call: Call, asked: RelayMake) -> Outcome<RelayRow> {
    let caller = call.caller(Role::Owner)?;
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let login = match (given(asked.user), given(asked.password)) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => return Err(Trouble::Field("password", "is needed with a user".into())),
        (None, Some(_)) => return Err(Trouble::Field("user", "is needed with a password".into())),
    };
    let new = NewRelay {
        name: asked.name,
        host: asked.host,
        port: asked.port,
        security: match asked.security {
            Security::Plain => RelaySecurity::Plain,
            Security::Starttls => RelaySecurity::StartTls,
            Security::Tls => RelaySecurity::Tls,
        },
        login,
        limits: RelayLimits {
            hourly: asked.hourly.filter(|most| *most > 0),
            daily: asked.daily.filter(|most| *most > 0),
        },
        sender: given(asked.sender).as_deref().map(sender).transpose()?,
    };
    let made = call.engine.create_relay(caller, new).await?;
    one(&call, made.id).await
}

pub async fn set(call: Call, asked: RelaySet) -> Outcome<RelayRow> {
    let caller = call.caller(Role::Owner)?;
    let from = match asked.sender.as_deref().map(str::trim) {
        None => None,
        Some("") => Some(None),
        Some(text) => Some(Some(sender(text)?)),
    };
    let change = RelayChange {
        hourly: lifted(asked.hourly),
        daily: lifted(asked.daily),
        sender: from,
    };
    let id = RelayId(asked.id);
    call.engine.set_relay(caller, id, change).await?;
    one(&call, id).await
}

pub async fn remove(call: Call, asked: ById) -> Outcome<Done> {
    let caller = call.caller(Role::Owner)?;
    call.engine.remove_relay(caller, RelayId(asked.id)).await?;
    Ok(Done {})
}

pub async fn order(call: Call, asked: RelayOrder) -> Outcome<Done> {
    let caller = call.caller(Role::Owner)?;
    let ids = asked.ids.into_iter().map(RelayId).collect();
    call.engine.order_relays(caller, ids).await?;
    Ok(Done {})
}

fn tls_words(tls: &TlsFacts) -> String {
    let certificate = match &tls.certificate {
        Verdict::Valid => String::from("a valid certificate"),
        Verdict::Invalid(why) => format!("a certificate that is not valid: {why}"),
    };
    format!("{}, {}, {certificate}", tls.version, tls.cipher)
}

pub async fn test(call: Call, asked: ById) -> Outcome<RelayTested> {
    let caller = call.caller(Role::Owner)?;
    let tested = call.engine.test_relay(caller, RelayId(asked.id)).await?;
    Ok(RelayTested {
        ok: tested.fault.is_none(),
        stage: tested.fault.as_ref().map(|fault| fault.stage.into()),
        fault: tested.fault.map(|fault| fault.words),
        tls: tested.tls.map(|tls| tls_words(&tls)),
        conversation: tested.transcript,
    })
}
