//! Checking literals: the values that documents state.

use super::super::diagnostics::Diagnostics;
use super::super::model::{ACTION_NAMES, DeclaredType, Model, Operand};
use super::super::text::integer;
use super::super::tree::{Node, NodeValue};
use crate::address::{Address, Network};
use crate::date_time;
use crate::error::Code;
use crate::json::Text;
use crate::policy::Limits;
use crate::time::LATEST;

impl Diagnostics<'_> {
    /// Reads a literal, which must be a value of this type.
    pub(super) fn literal<'n>(
        &mut self,
        model: &Model<'n>,
        limits: &Limits,
        node: &'n Node<'n>,
        wanted: DeclaredType<'n>,
    ) -> Option<Operand<'n>> {
        match (wanted, &node.value) {
            (_, NodeValue::Null) => {
                self.null_literal(node);
                None
            }
            (DeclaredType::Bool, NodeValue::Bool(value)) => {
                Some(Operand::Symbol(usize::from(*value)))
            }
            (DeclaredType::Enum(values), NodeValue::String(text)) => {
                self.symbol_literal(model, values, text, node)
            }
            (DeclaredType::Id(_), NodeValue::String(text)) => self.id_literal(text, node),
            (DeclaredType::Int(min, max), NodeValue::Number(_)) => {
                self.integer_literal(node, min, max)
            }
            (DeclaredType::Time, NodeValue::Number(_)) => self.integer_literal(node, 0, LATEST),
            (DeclaredType::Time, NodeValue::String(text)) => self.time_literal(text, node),
            (DeclaredType::EnumSet(values), NodeValue::Array(_)) => {
                let whole = self.literals(model, limits, node, DeclaredType::Enum(values));
                whole.then_some(Operand::Symbols(values, node))
            }
            (DeclaredType::IdSet(domain), NodeValue::Array(_)) => {
                let whole = self.literals(model, limits, node, DeclaredType::Id(domain));
                whole.then_some(Operand::Texts(node))
            }
            (DeclaredType::Ip, NodeValue::String(text)) => self.address_literal(text, node),
            (DeclaredType::IpSet, NodeValue::Array(_)) => {
                self.networks(limits, node).then_some(Operand::Networks(node))
            }
            _ => {
                self.unlike(Code::OperandType, node, &wanted.described());
                None
            }
        }
    }

    /// Whether an array of literals is right.
    fn literals<'n>(
        &mut self,
        model: &Model<'n>,
        limits: &Limits,
        node: &'n Node<'n>,
        each: DeclaredType<'n>,
    ) -> bool {
        self.limit(node, node.items().len(), limits.values, "items");
        let mut whole = true;
        for item in node.items() {
            whole &= self.literal(model, limits, item, each).is_some();
        }
        whole
    }

    /// Whether an array of networks is right.
    fn networks(&mut self, limits: &Limits, node: &Node<'_>) -> bool {
        self.limit(node, node.items().len(), limits.values, "items");
        let mut whole = true;
        for item in node.items() {
            match item.text() {
                Some(text) if Network::parse(text).is_some() => continue,
                Some(text) => {
                    let message = "`{}` is neither an IP address nor a prefix such as \
                        `192.0.2.0/24`, with zeros behind the length";
                    self.error(Code::OperandType, item.span, message, &[text]);
                }
                None if matches!(item.value, NodeValue::Null) => self.null_literal(item),
                None => {
                    let wanted = "an IP address or a prefix";
                    self.unlike(Code::OperandType, item, wanted);
                }
            }
            whole = false;
        }
        whole
    }

    pub(super) fn null_literal(&mut self, node: &Node<'_>) {
        let message = "null is not a literal; `present` with false asks for null, and is unknown where \
             nothing stands";
        self.error(Code::NullLiteral, node.span, message, &[]);
    }

    fn symbol_literal<'n>(
        &mut self,
        model: &Model<'n>,
        values: usize,
        text: &str,
        node: &Node<'_>,
    ) -> Option<Operand<'n>> {
        let found = model.symbol(values, text);
        if found.is_none() && values == ACTION_NAMES {
            self.unknown_action(model, text, node);
        } else if found.is_none() {
            let message = "`{}` is none of the declared values";
            let known = || model.values(values).to_vec();
            self.unknown(Code::UnknownValue, node.span, message, &[text], &known);
        }
        found.map(Operand::Symbol)
    }

    fn id_literal<'n>(&mut self, text: &'n str, node: &Node<'_>) -> Option<Operand<'n>> {
        if text.is_empty() {
            let message = "an id has at least one byte";
            self.error(Code::OperandType, node.span, message, &[]);
            return None;
        }
        Some(Operand::Text(text))
    }

    fn integer_literal<'n>(&mut self, node: &Node<'_>, min: i64, max: i64) -> Option<Operand<'n>> {
        let Some(number) = node.integer() else {
            let message = "an integer is written in digits, without fraction or exponent";
            self.error(Code::OperandType, node.span, message, &[]);
            return None;
        };
        if !(min..=max).contains(&number) {
            let message = "{=} is outside the declared range of {=} to {=}";
            let parts = [&*integer(number), &integer(min), &integer(max)];
            self.error(Code::OutOfRange, node.span, message, &parts);
            return None;
        }
        Some(Operand::Integer(number))
    }

    fn time_literal<'n>(&mut self, text: &str, node: &Node<'_>) -> Option<Operand<'n>> {
        let seconds = date_time::read(Text::plain(text));
        if seconds.is_none() {
            let message = "`{}` is no RFC 3339 date-time from 1970 to 2999, such as \
                2026-11-18T11:06:40Z";
            self.error(Code::OperandType, node.span, message, &[text]);
        }
        seconds.map(Operand::Integer)
    }

    fn address_literal<'n>(&mut self, text: &str, node: &Node<'_>) -> Option<Operand<'n>> {
        let address = Address::parse(text);
        if address.is_none() {
            let message = "`{}` is no IP address";
            self.error(Code::OperandType, node.span, message, &[text]);
        }
        address.map(Operand::Address)
    }
}
