//! Every command: its name, what goes in and out, and who may.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use posthouse::Posthouse;
use posthouse::model::organization::Role;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::call::{Answered, Call, Visitor};
use super::place::Place;
use super::preview::Previews;
use super::refuse::refuse;
use super::trouble::{Outcome, Trouble};
use super::wire::Refused;
use super::{
    address, audit, backup, domain, email, key, key_make, listener, mailbox, mailbox_make, message,
    overview, relay, search, session, settings, suppression, template, user, webhook, why,
};

/// Who may run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Anybody,
    /// Whoever is signed in.
    Reader,
    /// Members and owners.
    Member,
    /// Owners.
    Owner,
}

impl Who {
    /// The least role; None: none is needed.
    #[must_use]
    pub const fn least(self) -> Option<Role> {
        match self {
            Self::Anybody => None,
            Self::Reader => Some(Role::Reader),
            Self::Member => Some(Role::Member),
            Self::Owner => Some(Role::Owner),
        }
    }
}

/// Whether a command changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only looks.
    Reads,
    /// It does, but nobody decided that: it comes with looking, and is not written down.
    Follows,
    /// It does, and an audit row is written.
    Changes,
}

type Running = Pin<Box<dyn Future<Output = Outcome<Value>> + Send>>;

/// A command.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Who may.
    pub who: Who,
    /// Whether it changes something.
    pub effect: Effect,
    run: fn(Call, Value) -> Running,
    /// What goes in and out, as TypeScript.
    #[cfg(test)]
    pub(super) types: fn(&ts_rs::Config) -> super::typescript::Types,
}

impl Command {
    /// The first word of its name.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        self.name.split('.').next().unwrap_or(self.name)
    }
}

macro_rules! commands {
    ($($name:literal $who:ident $effect:ident $noun:ident::$verb:ident($input:ty) -> $output:ty;)*) => {
        const fn commands() -> [Command; [$($name),*].len()] {
            use super::wire::*;
            [$(Command {
                name: $name,
                who: Who::$who,
                effect: Effect::$effect,
                run: |call, input| Box::pin(async move {
                    let input: $input = read(input)?;
                    let output: $output = $noun::$verb(call, input).await?;
                    written(&output)
                }),
                #[cfg(test)]
                types: super::typescript::of::<$input, $output>,
            }),*]
        }
    };
}

commands! {
    "session.show" Anybody Reads session::show(Nothing) -> SessionShown;
    "session.sign_in" Anybody Changes session::sign_in(SignIn) -> SessionShown;
    "session.sign_out" Reader Changes session::sign_out(Nothing) -> SessionShown;
    "session.invitation" Anybody Reads session::invitation(InvitationAsked) -> Invitation;
    "session.welcome" Anybody Changes session::welcome(Welcome) -> SessionShown;
    "session.password" Reader Changes session::password(OwnPassword) -> Done;

    "overview.show" Reader Reads overview::show(OverviewAsked) -> Overview;

    "email.list" Reader Reads email::list(EmailsAsked) -> Page<EmailRow>;
    "email.show" Reader Reads email::show(ByUuid) -> EmailShown;
    "email.why" Reader Reads why::why(WhyAsked) -> Story;
    "email.send" Member Changes email::send(EmailSend) -> EmailSent;
    "email.release" Member Changes email::release(ByUuid) -> EmailDecided;
    "email.burn" Member Changes email::burn(ByUuid) -> EmailDecided;
    "email.cancel" Member Changes email::cancel(ByUuid) -> Done;

    "message.list" Reader Reads message::list(MessagesAsked) -> Page<MessageRow>;
    "message.show" Reader Reads message::show(ById) -> MessageShown;
    "message.open" Member Follows message::open(ById) -> MessageShown;
    "message.html" Reader Reads message::html(MessageHtmlAsked) -> MessageHtml;
    "message.mark" Member Changes message::mark(MessageMark) -> MessagesChanged;
    "message.move" Member Changes message::shift(MessageMove) -> MessagesChanged;
    "message.remove" Member Changes message::remove(MessageRemove) -> MessagesChanged;

    "domain.list" Reader Reads domain::list(Nothing) -> Rows<DomainRow>;
    "domain.show" Reader Reads domain::show(ByHost) -> DomainShown;
    "domain.add" Member Changes domain::add(DomainAdd) -> DomainShown;
    "domain.check" Member Changes domain::check(ByHost) -> DomainShown;
    "domain.look" Member Follows domain::check(ByHost) -> DomainShown;
    "domain.set" Member Changes domain::set(DomainSet) -> DomainShown;
    "domain.remove" Owner Changes domain::remove(ByHost) -> Done;
    "domain.setup" Reader Reads domain::setup(ByHost) -> ClientSettings;

    "key.list" Reader Reads key::list(Nothing) -> Rows<KeyRow>;
    "key.show" Reader Reads key::show(ById) -> KeyShown;
    "key.shapes" Reader Reads key::shapes(Nothing) -> Rows<KeyShape>;
    "key.make" Member Changes key_make::make(KeyMake) -> KeyMade;
    "key.set" Member Changes key::set(KeySet) -> KeyShown;
    "key.revoke" Member Changes key::revoke(ById) -> Done;

    "mailbox.list" Reader Reads mailbox::list(MailboxesAsked) -> Page<MailboxRow>;
    "mailbox.show" Reader Reads mailbox::show(ByAddress) -> MailboxShown;
    "mailbox.make" Member Changes mailbox_make::make(MailboxMake) -> MailboxMade;
    "mailbox.make_many" Member Changes mailbox_make::make_many(MailboxMakeMany) -> MailboxesMade;
    "mailbox.password" Member Changes mailbox_make::password(MailboxPassword) -> MailboxMade;
    "mailbox.suspend" Member Changes mailbox::suspend(ByAddress) -> Done;
    "mailbox.resume" Member Changes mailbox::resume(ByAddress) -> Done;
    "mailbox.rename" Member Changes mailbox::rename(MailboxRename) -> Done;
    "mailbox.remove" Member Changes mailbox::remove(ByAddress) -> Done;
    "mailbox.restore" Member Changes mailbox::restore(ByAddress) -> Done;
    "mailbox.set" Member Changes mailbox::set(MailboxSet) -> MailboxShown;
    "mailbox.settings" Reader Reads mailbox::settings(ByAddress) -> ClientSettings;

    "address.list" Reader Reads address::list(Nothing) -> Rows<AddressRow>;
    "address.reserve" Member Changes address::reserve(AddressReserve) -> AddressRow;
    "address.release" Member Changes address::release(AddressRelease) -> Done;
    "address.route" Member Changes address::route(AddressRoute) -> AddressRow;

    "webhook.list" Reader Reads webhook::list(Nothing) -> Rows<WebhookRow>;
    "webhook.forms" Reader Reads webhook::forms(Nothing) -> Rows<WebhookForm>;
    "webhook.make" Member Changes webhook::make(WebhookMake) -> WebhookMade;
    "webhook.set" Member Changes webhook::set(WebhookSet) -> WebhookRow;
    "webhook.remove" Member Changes webhook::remove(ById) -> Done;
    "webhook.deliveries" Reader Reads webhook::deliveries(WebhookDeliveriesAsked) -> Page<WebhookDeliveryRow>;
    "webhook.delivery" Reader Reads webhook::delivery(WebhookDeliveryAsked) -> WebhookDeliveryShown;
    "webhook.replay" Member Changes webhook::replay(WebhookDeliveryAsked) -> Done;

    "template.list" Reader Reads template::list(Paged) -> Page<TemplateRow>;
    "template.show" Reader Reads template::show(ByUuid) -> TemplateShown;
    "template.save" Member Changes template::save(TemplateSave) -> TemplateShown;
    "template.publish" Member Changes template::publish(ByUuid) -> TemplateShown;
    "template.remove" Member Changes template::remove(ByUuid) -> Done;
    "template.preview" Reader Reads template::preview(TemplatePreviewAsked) -> TemplatePreview;

    "suppression.list" Reader Reads suppression::list(SuppressionsAsked) -> Page<SuppressionRow>;
    "suppression.add" Member Changes suppression::add(SuppressionAdd) -> SuppressionAdded;
    "suppression.remove" Member Changes suppression::remove(SuppressionRemove) -> Done;
    "suppression.import" Member Changes suppression::import(SuppressionImport) -> SuppressionsImported;

    "relay.list" Reader Reads relay::list(Nothing) -> Rows<RelayRow>;
    "relay.make" Owner Changes relay::make(RelayMake) -> RelayRow;
    "relay.set" Owner Changes relay::set(RelaySet) -> RelayRow;
    "relay.remove" Owner Changes relay::remove(ById) -> Done;
    "relay.order" Owner Changes relay::order(RelayOrder) -> Done;
    "relay.test" Owner Changes relay::test(ById) -> RelayTested;

    "listener.list" Reader Reads listener::list(Nothing) -> Rows<ListenerRow>;
    "listener.set" Owner Changes listener::set(ListenerSet) -> Rows<ListenerRow>;

    "user.list" Owner Reads user::list(Nothing) -> Rows<UserRow>;
    "user.make" Owner Changes user::make(UserMake) -> UserLink;
    "user.set" Owner Changes user::set(UserSet) -> UserRow;
    "user.link" Owner Changes user::link(ById) -> UserLink;
    "user.remove" Owner Changes user::remove(ById) -> Done;

    "audit.list" Owner Reads audit::list(Paged) -> Page<AuditRow>;
    "backup.make" Owner Changes backup::make(Nothing) -> BackupMade;
    "settings.show" Reader Reads settings::show(Nothing) -> SettingsShown;
    "settings.set" Owner Changes settings::set(SettingsSet) -> SettingsShown;
    "search.all" Reader Reads search::all(SearchAsked) -> Found;
}

/// The table. Names are `noun.verb`.
pub static COMMANDS: &[Command] = &commands();

static BY_NAME: LazyLock<HashMap<&'static str, &'static Command>> =
    LazyLock::new(|| COMMANDS.iter().map(|one| (one.name, one)).collect());

fn read<T: DeserializeOwned>(input: Value) -> Outcome<T> {
    let input = match input {
        Value::Null => Value::Object(serde_json::Map::new()),
        input => input,
    };
    serde_json::from_value(input)
        .map_err(|error| Trouble::Input(format!("The input is not right: {error}.")))
}

fn written<T: Serialize>(output: &T) -> Outcome<Value> {
    serde_json::to_value(output).map_err(|error| Trouble::Engine(posthouse::error::internal(error)))
}

/// Why a command was not done, and the cause where it is a fault of ours.
pub struct Refusing {
    /// What is said.
    pub refused: Refused,
    /// What only the log is told.
    pub cause: Option<String>,
}

/// The commands, of an engine in its place.
#[derive(Clone)]
pub struct Table {
    engine: Posthouse,
    place: Arc<Place>,
    previews: Arc<Previews>,
}

impl Table {
    /// The commands of this engine.
    #[must_use]
    pub fn new(engine: Posthouse, place: Place) -> Self {
        Self {
            engine,
            place: Arc::new(place),
            previews: Arc::default(),
        }
    }

    /// Its engine.
    #[must_use]
    pub const fn engine(&self) -> &Posthouse {
        &self.engine
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn previews(&self) -> &Previews {
        &self.previews
    }

    /// The command of this name.
    #[must_use]
    pub fn command(name: &str) -> Option<&'static Command> {
        BY_NAME.get(name).copied()
    }

    /// Runs a command as the machine's own user: whoever has the database and its master key
    /// at hand, in the organization that is the first.
    ///
    /// # Errors
    /// What is said when it was not done.
    pub async fn call_here(&self, name: &str, input: Value) -> Result<Value, Refusing> {
        let machine = self.engine.operator(None).await;
        let visitor = match machine {
            Ok(caller) => Visitor::Machine(Box::new(caller)),
            Err(error) => return Err(refusing(name, error.into())),
        };
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let answered = self.call(visitor, here, name, input).await?;
        Ok(answered.json)
    }

    /// Runs a command for a visitor from `remote`.
    ///
    /// # Errors
    /// What is said when it was not done.
    pub async fn call(
        &self,
        visitor: Visitor,
        remote: IpAddr,
        name: &str,
        input: Value,
    ) -> Result<Answered, Refusing> {
        let Some(command) = Self::command(name) else {
            return Err(refusing(name, Trouble::NoCommand));
        };
        self.run(command, visitor, remote, input)
            .await
            .map_err(|trouble| refusing(command.noun(), trouble))
    }

    async fn run(
        &self,
        command: &'static Command,
        visitor: Visitor,
        remote: IpAddr,
        input: Value,
    ) -> Outcome<Answered> {
        let (place, previews) = (self.place.clone(), self.previews.clone());
        let call = Call::new(self.engine.clone(), visitor, remote, place, previews);
        if let Some(least) = command.who.least() {
            call.caller(least)?;
        }
        let Some(note) = audit::note(command, &call, &input) else {
            let json = (command.run)(call.clone(), input).await?;
            return Ok(Answered {
                json,
                keeps: call.kept(),
            });
        };
        let noting = self.engine.noting(note);
        let call = Call {
            engine: noting.engine().clone(),
            ..call
        };
        let json = (command.run)(call.clone(), input).await?;
        noting.settle().await?;
        Ok(Answered {
            json,
            keeps: call.kept(),
        })
    }
}

pub(super) fn refusing(noun: &str, trouble: Trouble) -> Refusing {
    let cause = match &trouble {
        Trouble::Engine(posthouse::Error::Internal(cause)) => Some(cause.clone()),
        Trouble::Engine(_)
        | Trouble::Field(..)
        | Trouble::Input(_)
        | Trouble::NoCommand
        | Trouble::Elsewhere(_)
        | Trouble::Forged => None,
    };
    Refusing {
        refused: refuse(noun, trouble),
        cause,
    }
}
