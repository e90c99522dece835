import Crypto
enum Placeholder {}
