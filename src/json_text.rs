//! JSON for native callers (sandbox, tests): `Deserialize` for the wire types, over the readers in `json.rs`.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use crate::{
    Profile,
    json::{Json, Place},
    wire::{Product, SigningRequestBody},
};

impl Json for &Value {
    fn get(&self, key: &str) -> Self {
        Value::get(self, key).unwrap_or(&Value::Null)
    }

    fn is_missing(&self) -> bool {
        self.is_null()
    }

    fn is_text(&self) -> bool {
        self.is_string()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(Into::into)
    }

    fn truth(&self) -> Option<bool> {
        self.as_bool()
    }

    fn elements(&self) -> Option<Vec<Self>> {
        self.as_array().map(|elements| elements.iter().collect())
    }

    fn is_record(&self) -> bool {
        self.is_object()
    }

    fn each_field(&self, visit: &mut dyn FnMut(&str, Self)) {
        for (name, value) in self.as_object().into_iter().flatten() {
            visit(name, value);
        }
    }
}

impl<'de> Deserialize<'de> for Product {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(&Place::whole(&value, "product")).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for SigningRequestBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::read(&Place::whole(&value, "request")).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
