@main struct Musterd { static func main() {} }
