use shared::format_price;

const VERSION: &str = "1";

fn main() {
    shared::serve("get-product", || {
        let price = format_price(1250);
        format!(
            r#"{{"function":"get-product","version":"{VERSION}","product":"Lamp","price":"{price}"}}"#
        )
    })
}
